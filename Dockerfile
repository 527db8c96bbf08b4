FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No install script is needed: what they bring is the Node of the tools and the embedded PostgreSQL. The program of esbuild is
# optional for npm, and makes the HTML report.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY LICENSE tsconfig.json tsconfig.build.json ./
COPY bin ./bin
COPY dashboards ./dashboards
COPY queries ./queries
COPY scripts/bundle_page.js ./scripts/
COPY src ./src
COPY tables ./tables
# Readable for any user, whatever umask the checkout was made with.
RUN npm run build \
    && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
    && rm -r scripts src tables tsconfig*.json package-lock.json dist/.tsbuildinfo \
    && chmod -R a+rX,go-w .

FROM node:24.21.0-bookworm-slim
LABEL org.opencontainers.image.title="aws-delegation" \
    org.opencontainers.image.description="CloudQuery source plugin for AWS delegated administration" \
    org.opencontainers.image.licenses="MPL-2.0"
# AWS_DELEGATION_IMAGE: for a message that is another one where nobody can install anything.
ENV NODE_ENV=production AWS_DELEGATION_IMAGE=true
COPY --from=build /app /app
# Where a spec is mounted: `sync` reads spec.yml of this folder.
WORKDIR /work
# The user `node` of the base image, as a number: Kubernetes' runAsNonRoot trusts no name.
USER 1000:1000
EXPOSE 7777
# The CloudQuery CLI replaces CMD with arguments of its own.
ENTRYPOINT ["node", "/app/bin/aws-delegation"]
CMD ["serve", "--network", "tcp", "--address", "[::]:7777", "--log-level", "info", "--log-format", "json"]
