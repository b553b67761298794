# The binary alone, for pipelines that run containers; built by goreleaser.
# Certificates for https targets come with the base image; no user is root.
FROM gcr.io/distroless/static-debian12:nonroot
ARG TARGETPLATFORM
COPY $TARGETPLATFORM/loadgate /usr/local/bin/loadgate
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/loadgate"]
