"""One module a screen: compose, keys, and the handlers that act on what workers say."""
