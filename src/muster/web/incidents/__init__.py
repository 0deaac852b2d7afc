"""The pages of the incident desk: the queue, one ticket, the technical team and its spares."""
