"""What goes to a printer: business cards, the sector's leaflet, the window poster."""
