"""Where everything is placed: one layout a view, from a graph and the width of the page in pixels to coordinates.

Nothing is left to a simulation: the same graph gives the same picture. Below ``NARROW`` a layout is one for a telephone.
"""
