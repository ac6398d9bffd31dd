"""The pages: server-rendered, in Chinese, without any outside request. They show what questions answer and compute nothing."""
