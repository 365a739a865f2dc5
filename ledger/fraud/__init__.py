"""Signs of fraud: what an admin should look at, with evidence. Nothing here punishes anybody."""
