"""The pictures of the notebooks, of what the analysis answers: nothing is worked out here."""
