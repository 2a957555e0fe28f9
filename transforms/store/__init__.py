"""The output tree: staging, commit, lock, state. The only room that writes, renames and deletes below the output."""
