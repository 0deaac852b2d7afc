"""JSON for stations and partners, described by OpenAPI at ``/api/v1/openapi.json``."""
