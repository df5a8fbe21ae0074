"""The pages of what is told: one file per noun."""
