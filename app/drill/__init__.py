"""Fire drills: the emergency control pressed on a copy of the positions, in an exchange of their own."""
