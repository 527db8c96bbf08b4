FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No install script is needed: what they bring is the Node of the tools and the embedded PostgreSQL. What is optional stays until the
# end, because esbuild's program is such a package.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY LICENSE tsconfig.json tsconfig.build.json ./
COPY bin ./bin
COPY dashboards ./dashboards
COPY queries ./queries
COPY scripts/bundle_page.js ./scripts/
COPY src ./src
COPY tables ./tables
# Readable for any user, whatever umask the checkout was made with.
# `npm sbom --omit=dev` leaves out whatever a development dependency wants as well, such as grpc-js: so it is told of none.
# Types and source maps are for who develops.
RUN npm run build \
    && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
    && npm pkg delete devDependencies optionalDependencies \
    && npm sbom --sbom-format=cyclonedx --sbom-type=application >sbom.cdx.json \
    && rm -r scripts src tables tsconfig*.json package-lock.json dist/.tsbuildinfo \
    && find node_modules -type d -name dist-types -prune -exec rm -r {} + \
    && find node_modules -type f \( -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.map' \) -delete \
    && chmod -R a+rX,go-w .

# The Node image is this one with npm, yarn and the headers of Node on top. What only builds is left behind.
FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="aws-delegation" \
    org.opencontainers.image.description="CloudQuery source plugin for AWS delegated administration" \
    org.opencontainers.image.version="0.1.0" \
    org.opencontainers.image.licenses="MPL-2.0" \
    org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
# AWS_DELEGATION_IMAGE: for a message that is another one where nobody can install anything.
ENV NODE_ENV=production AWS_DELEGATION_IMAGE=true
# /reports: a volume that is mounted there belongs to this user from the beginning.
RUN groupadd --gid 1000 node \
    && useradd --uid 1000 --gid node --create-home node \
    && install -d -o node -g node /reports \
    && ln -s /app/bin/aws-delegation /usr/local/bin/aws-delegation
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /app /app
# Where a spec is mounted: `sync` reads spec.yml of this folder.
WORKDIR /work
# As a number: Kubernetes' runAsNonRoot trusts no name.
USER 1000:1000
EXPOSE 7777
# Whether a plugin that serves also answers. A container that syncs or checks serves nobody, and ends by itself.
HEALTHCHECK --interval=30s --timeout=10s --start-period=10s --retries=3 \
    CMD tr '\0' ' ' </proc/1/cmdline | grep -q ' serve ' || exit 0; exec aws-delegation healthcheck
# The CloudQuery CLI replaces CMD with arguments of its own.
ENTRYPOINT ["node", "/app/bin/aws-delegation"]
CMD ["serve", "--network", "tcp", "--address", "[::]:7777", "--log-level", "info", "--log-format", "json"]
