"""Pixel loops compiled by numba. Each takes plain arrays and float32 scalars; none knows a scene.

The pattern (20 times faster than the same code per pixel): a driver loops over rows and calls a row function
whose arguments are 1-D views and scalars; its only loop runs over x, without branches. Literals are float32,
hash noise is uint32 at every step (numba widens a product of two uint32 to 64 bit unless it is cast back).
"""
