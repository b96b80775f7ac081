"""From an attempt to a grade, point by point, with evidence; two engines behind one protocol."""
