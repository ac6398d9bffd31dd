"""The pages: server-rendered, in Chinese, on the same questions as the API."""
