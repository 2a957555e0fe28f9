"""What the data is: records, their Arrow schemas, and what is made from them."""
