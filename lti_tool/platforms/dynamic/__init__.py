"""The registration of a platform in one step: LTI Dynamic Registration 1.0.

``configuration`` and ``agreement`` read and check what a platform says of itself, ``request``
is what we ask of it, ``response`` what it grants; all four are pure. ``exchange`` makes the two
calls, and ``flow`` connects all of them.
"""
