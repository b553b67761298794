# The binary alone, for pipelines that run containers. Certificates for https
# targets come with the base image; no user is root.
#
#   docker build -t loadgate .        builds the binary of this folder
#   docker build --target release .   takes those that goreleaser has built
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags='-s -w' -o /loadgate ./cmd/loadgate

FROM gcr.io/distroless/static-debian12:nonroot AS base
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/loadgate"]

FROM base AS release
ARG TARGETPLATFORM
COPY $TARGETPLATFORM/loadgate /usr/local/bin/loadgate

# The last one is that of a build without --target.
FROM base
COPY --from=build /loadgate /usr/local/bin/loadgate
