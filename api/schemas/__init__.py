"""The shapes that leave the product, over HTTP and on the command line."""
