# The image of operator, sidecar and command line: `make image`, or with another builder after `make build`.
#
# BASE is any image with Node 24. Choose one without a shell ("distroless") for clusters; the default is what everybody has.
# Nothing is compiled for an architecture here, so `--platform linux/amd64,linux/arm64` needs no emulation.
ARG BASE=node:24-slim
FROM ${BASE}

ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Sidegate" \
      org.opencontainers.image.description="Kubernetes-native authorization: operator, sidecar and command line" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# Where bases keep Node: /nodejs/bin in distroless ones.
ENV PATH=/usr/local/bin:/usr/bin:/bin:/nodejs/bin

COPY LICENSE dist /app/

# "nonroot" of distroless bases. By number, so that a kubelet can tell that it is not root.
USER 65532:65532
WORKDIR /
# Half of what Node lets young objects have before it looks: some 50 MB less where thousands of objects are read at the start.
ENTRYPOINT ["node", "--max-semi-space-size=8", "/app/sidegate.js"]
