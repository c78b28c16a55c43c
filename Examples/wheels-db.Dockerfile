# An image with wheels-db and the project's wheels-db.yml, for a cron job: see render.yaml beside it, and what it says to do first.
# It holds no secret. Build it elsewhere with
#   docker build --file wheels-db.Dockerfile --build-arg WHEELS_DB_DEB_URL=… --build-arg WHEELS_DB_DEB_SHA256=… .
# Should the database run a newer PostgreSQL than Debian 12 has (15), install that postgresql-client from apt.postgresql.org.
FROM debian:12-slim
# The .deb of a release, and its checksum. Render hands a service's variables to the build under these names.
ARG WHEELS_DB_DEB_URL
ARG WHEELS_DB_DEB_SHA256
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates curl postgresql-client \
    && curl --fail --silent --show-error --location --output /tmp/wheels-db.deb "$WHEELS_DB_DEB_URL" \
    && echo "$WHEELS_DB_DEB_SHA256  /tmp/wheels-db.deb" | sha256sum --check \
    && apt-get install --yes --no-install-recommends /tmp/wheels-db.deb \
    && rm -rf /tmp/wheels-db.deb /var/lib/apt/lists/* \
    && useradd --system --create-home wheels
USER wheels
WORKDIR /home/wheels
COPY wheels-db.yml ./
CMD ["/bin/sh", "-ec", "wheels-db backup create --env production; wheels-db backup prune"]
