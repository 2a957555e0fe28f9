"""What all tests share."""

import hypothesis

# A busy machine makes single examples slow; pytest-timeout ends what hangs.
hypothesis.settings.register_profile("newsmill", deadline=None)
hypothesis.settings.load_profile("newsmill")
