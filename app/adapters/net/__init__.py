"""What every venue adapter needs: rate limits, backoff and streams that reconnect."""
