"""What is concluded from finished runs: comparisons of paired replicates, attribution of an effect to levers."""
