"""What is done to payments and payment methods, one function for each thing."""
