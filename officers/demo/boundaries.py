"""The demonstration's sectors: coarse lines drawn by hand over a real quarter of Copenhagen.

They are not the police's division and fit no cadastre. A border that two sectors share runs through the same
named corners in both, so that it is exactly the same line.
"""

from __future__ import annotations

from django.contrib.gis.geos import MultiPolygon, Polygon

# Corner: longitude, latitude in degrees (EPSG:4326). First the outer line, clockwise from Tingbjerg.
NODES: dict[str, tuple[float, float]] = {
    "tingbjerg_west": (12.4592, 55.7169),
    "tingbjerg_ditch": (12.4661, 55.7188),
    "gyngemose": (12.4724, 55.7197),
    "gyngemose_north": (12.4779, 55.7229),
    "tingbjerg_north": (12.4846, 55.7246),
    "mose_west": (12.4901, 55.7236),
    "mose_north": (12.4998, 55.7209),
    "mose_middle": (12.5066, 55.7200),
    "mose_east": (12.5118, 55.7199),
    "emdrup_dam": (12.5131, 55.7228),
    "emdrup_corner": (12.5167, 55.7265),
    "emdrup_north": (12.5248, 55.7274),
    "emdrup_sound": (12.5322, 55.7268),
    "lyngbyvej_north": (12.5391, 55.7261),
    "lundehus": (12.5417, 55.7240),
    "ryparken_north": (12.5503, 55.7237),
    "ryvangen": (12.5612, 55.7224),
    "svanemoelle": (12.5638, 55.7194),
    "vibenshus_north": (12.5581, 55.7148),
    "vibenshus": (12.5529, 55.7113),
    "faelled_north": (12.5556, 55.7081),
    "faelled_west": (12.5577, 55.7036),
    "faelled_south": (12.5611, 55.6982),
    "sortedam": (12.5688, 55.6921),
    "louise_bridge": (12.5640, 55.6876),
    "peblinge": (12.5612, 55.6846),
    "lakes_south": (12.5571, 55.6816),
    "vesterport": (12.5557, 55.6737),
    "vesterbro": (12.5496, 55.6740),
    "enghave": (12.5441, 55.6724),
    "carlsberg": (12.5348, 55.6699),
    "valby_hill": (12.5296, 55.6680),
    "valby_gate": (12.5223, 55.6669),
    "valby_north": (12.5149, 55.6686),
    "peter_bang": (12.5083, 55.6696),
    "damhus_east": (12.4948, 55.6691),
    "damhus_bend": (12.4917, 55.6731),
    "flintholm_west": (12.4903, 55.6789),
    "damhus_north": (12.4852, 55.6772),
    "damhus_lake": (12.4813, 55.6731),
    "roskildevej": (12.4727, 55.6729),
    "vanloese_south": (12.4694, 55.6788),
    "vanloese_west": (12.4671, 55.6836),
    "jyllinge": (12.4647, 55.6919),
    "islev": (12.4628, 55.6973),
    "husum_south": (12.4634, 55.7028),
    "husum_bend": (12.4566, 55.7052),
    "husum_gate": (12.4544, 55.7088),
    "kagsmose": (12.4534, 55.7121),
    # Inside.
    "voldsted": (12.4688, 55.7127),
    "husum_torv": (12.4803, 55.7080),
    "mose_corner": (12.4868, 55.7101),
    "mose_south": (12.4937, 55.7119),
    "mose_path": (12.5031, 55.7133),
    "broenshoej_west": (12.4923, 55.7044),
    "bystaevne": (12.4889, 55.6987),
    "slotsherrens": (12.4772, 55.6983),
    "vanloese_north": (12.4961, 55.6982),
    "vanloese_station": (12.4969, 55.6938),
    "groendal_west": (12.5002, 55.6877),
    "finsensvej": (12.4972, 55.6848),
    "broenshoej_south": (12.5058, 55.6968),
    "bellahoej_south": (12.5127, 55.7011),
    "bellahoej": (12.5166, 55.7066),
    "utterslev_west": (12.5119, 55.7104),
    "utterslev_north": (12.5152, 55.7169),
    "bispebjerg_west": (12.5197, 55.7158),
    "bispebjerg_hill": (12.5288, 55.7187),
    "hospital": (12.5342, 55.7209),
    "emdrup_south": (12.5413, 55.7194),
    "rovsing": (12.5457, 55.7123),
    "lersoe": (12.5419, 55.7067),
    "tuborgvej": (12.5338, 55.7124),
    "tomsgaard": (12.5213, 55.7114),
    "tomsgaard_south": (12.5232, 55.7076),
    "hulgaard": (12.5203, 55.7019),
    "fuglebakken": (12.5266, 55.6956),
    "groendal_park": (12.5214, 55.6938),
    "godthaab_gate": (12.5171, 55.6906),
    "godthaab_west": (12.5079, 55.6889),
    "nordvest_south": (12.5356, 55.6974),
    "noerrebro_station": (12.5371, 55.7009),
    "mimersgade": (12.5476, 55.7031),
    "jagtvej_north": (12.5541, 55.6996),
    "jagtvej_middle": (12.5478, 55.6941),
    "jagtvej_south": (12.5411, 55.6879),
    "noerrebro_middle": (12.5561, 55.6909),
    "borups": (12.5383, 55.6901),
    "nordbanen": (12.5347, 55.6943),
    "aaboulevard": (12.5467, 55.6854),
    "aaboulevard_east": (12.5538, 55.6846),
    "falkoner": (12.5327, 55.6879),
    "falkoner_south": (12.5291, 55.6823),
    "nordre_fasan": (12.5221, 55.6817),
    "dalgas": (12.5151, 55.6777),
    "dalgas_south": (12.5081, 55.6717),
    "allegade": (12.5379, 55.6806),
    "frederiksberg_gate": (12.5421, 55.6764),
}

# Sector number: its corners, once round.
RINGS: dict[int, str] = {
    1: "mose_east emdrup_dam emdrup_corner emdrup_north emdrup_sound lyngbyvej_north "
    "emdrup_south hospital bispebjerg_hill bispebjerg_west utterslev_north",
    2: "lyngbyvej_north lundehus ryparken_north ryvangen svanemoelle vibenshus_north vibenshus "
    "rovsing emdrup_south",
    3: "bispebjerg_west bispebjerg_hill hospital emdrup_south rovsing lersoe tuborgvej tomsgaard",
    4: "utterslev_north bispebjerg_west tomsgaard tomsgaard_south bellahoej utterslev_west",
    5: "tomsgaard tuborgvej lersoe noerrebro_station nordvest_south fuglebakken hulgaard "
    "bellahoej tomsgaard_south",
    6: "lersoe rovsing vibenshus faelled_north faelled_west jagtvej_north mimersgade",
    7: "lersoe mimersgade jagtvej_north jagtvej_middle jagtvej_south borups nordbanen "
    "nordvest_south noerrebro_station",
    8: "faelled_west faelled_south sortedam louise_bridge noerrebro_middle jagtvej_middle jagtvej_north",
    9: "jagtvej_middle noerrebro_middle louise_bridge peblinge lakes_south aaboulevard_east "
    "aaboulevard jagtvej_south",
    10: "mose_north mose_middle mose_east utterslev_north utterslev_west bellahoej "
    "bellahoej_south broenshoej_south vanloese_north bystaevne broenshoej_west mose_south "
    "mose_path",
    11: "tingbjerg_west voldsted husum_torv mose_corner mose_south broenshoej_west bystaevne "
    "slotsherrens husum_south husum_bend husum_gate kagsmose",
    12: "tingbjerg_west tingbjerg_ditch gyngemose gyngemose_north tingbjerg_north mose_west "
    "mose_north mose_path mose_south mose_corner husum_torv voldsted",
    13: "husum_south slotsherrens bystaevne vanloese_north vanloese_station groendal_west "
    "finsensvej flintholm_west damhus_north damhus_lake roskildevej vanloese_south "
    "vanloese_west jyllinge islev",
    14: "vanloese_north broenshoej_south bellahoej_south bellahoej hulgaard fuglebakken "
    "groendal_park godthaab_gate godthaab_west groendal_west vanloese_station",
    15: "finsensvej groendal_west nordre_fasan dalgas dalgas_south peter_bang damhus_east "
    "damhus_bend flintholm_west",
    16: "groendal_west godthaab_west godthaab_gate falkoner falkoner_south nordre_fasan",
    17: "fuglebakken nordvest_south nordbanen borups jagtvej_south falkoner godthaab_gate groendal_park",
    18: "nordre_fasan falkoner_south allegade frederiksberg_gate enghave carlsberg valby_hill "
    "valby_gate valby_north peter_bang dalgas_south dalgas",
    19: "falkoner jagtvej_south aaboulevard aaboulevard_east lakes_south vesterport vesterbro "
    "enghave frederiksberg_gate allegade falkoner_south",
}


# Corners that lay elsewhere until the division in force began, and that a draft would put elsewhere.
FORMERLY: dict[str, tuple[float, float]] = {"mimersgade": (12.5446, 55.7044), "falkoner": (12.5301, 55.6886)}
DRAFTED: dict[str, tuple[float, float]] = {
    "bellahoej_south": (12.5158, 55.7003),
    "vanloese_station": (12.5003, 55.6949),
    "tomsgaard_south": (12.5201, 55.7089),
}


def area_of(number: int, moved: dict[str, tuple[float, float]] | None = None) -> MultiPolygon:
    """Return the area of the demonstration's sector with this number, in degrees (EPSG:4326).

    Corners named in `moved` lie there instead, in every sector that shares them.
    """
    nodes = NODES | (moved or {})
    ring = [nodes[name] for name in RINGS[number].split()]
    return MultiPolygon(Polygon([*ring, ring[0]], srid=4326), srid=4326)
