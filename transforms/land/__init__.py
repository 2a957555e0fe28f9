"""The outside world becomes bytes: guarded fetching, landed as WARC before anything is parsed."""
