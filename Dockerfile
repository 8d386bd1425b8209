# The job: Node and one bundled file, run as a numeric user, with no shell and nothing to write to.
#
# The base images are arguments, to be named by digest for a build that can be repeated:
#   --build-arg BASE=docker.io/library/node:20-slim@sha256:…
#   --build-arg RUNTIME=gcr.io/distroless/nodejs20-debian12@sha256:…
# docs/job.md says what each has to hold.
ARG NODE=20
ARG BASE=docker.io/library/node:${NODE}-slim
ARG RUNTIME=gcr.io/distroless/nodejs${NODE}-debian12

FROM ${BASE} AS build
WORKDIR /src
# First what changes seldom: the packages stay in the cache while the sources change.
COPY package.json package-lock.json ./
# No package's own script is needed, so none is run.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY generator ./generator
COPY job ./job
# Packages that are CommonJS inside ask for require, which a module does not have by itself. Not in parts (--splitting):
# those packages lose the names of what they export there when they are loaded late.
RUN node node_modules/esbuild/bin/esbuild job/cli.ts --bundle --platform=node --target=node20 --format=esm \
    --legal-comments=linked --log-level=warning --outfile=/out/job.mjs \
    --banner:js="import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);"

FROM ${RUNTIME}
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Artifact Registry Cron Replicator: job" \
      org.opencontainers.image.description="Copies, plans, mirrors and verifies Artifact Registry repositories." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production
COPY --from=build /out /app
# A number, so that it can be seen not to be root without a file of names.
USER 65532:65532
WORKDIR /app
STOPSIGNAL SIGTERM
EXPOSE 8080
ENTRYPOINT ["/nodejs/bin/node", "/app/job.mjs"]
CMD ["--help"]
