"""Methods that belong to no question: intervals, paired comparisons, indices, classification, events."""
