"""The 3D character kit: flesh from a distance field, bones, gaits, a mesh raster and fur. Knows no scene."""
