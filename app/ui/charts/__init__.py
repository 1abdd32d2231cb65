"""Pictures over time: candle chart, order book, event timeline, spark lines."""
