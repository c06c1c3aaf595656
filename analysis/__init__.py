"""The analysis layer: it computes, and hands over Findings. It never formats, prints or writes."""
