"""What the customer wants: recognised intents, pooled intents, deviations from the CRM."""
