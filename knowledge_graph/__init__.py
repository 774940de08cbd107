"""What is known about the trade and the deal: term packs, CRM records. May import core only."""
