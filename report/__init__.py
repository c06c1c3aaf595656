"""The rendering layer: it speaks and draws what Findings holds. It never computes a statistic."""
