"""The public interface for programs (design, section 5): `urls` lists its addresses, `describing` describes them.

Its views are plain: to dispatch one otherwise costs as much as a look-up. Every one of them stands behind
`sharing.open_to_programs`, which sees to whatever they have in common.
"""
