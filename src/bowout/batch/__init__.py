"""Many recordings and transcripts, marked by several processes or by a cluster: ``bowout batch score``."""
