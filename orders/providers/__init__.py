"""Order providers: how orders are sent, and what the answers mean."""
