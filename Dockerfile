# The job: Node and one bundled file, run as a numeric user, with no shell and nothing to write to.
#
# The base images are arguments, to be named by digest for a build that can be repeated:
#   --build-arg BASE=docker.io/library/node:20-slim@sha256:…
#   --build-arg RUNTIME=gcr.io/distroless/nodejs20-debian12@sha256:…
# Without RUNTIME what builds also runs. docs/job.md says what each has to hold.
ARG BASE=docker.io/library/node:20-slim
ARG RUNTIME=${BASE}

FROM ${BASE} AS build
WORKDIR /src
COPY . .
# As locked. No package's own script is needed, so none is run. A base without npm, or without a network, takes the
# packages that lie beside the sources.
RUN (mkdir /locked && cp package.json package-lock.json /locked && cd /locked && \
      npm ci --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf /src/node_modules && mv node_modules /src) || \
    node --eval 'import("esbuild")'
RUN node job/bundle.js /out/job.mjs

FROM ${RUNTIME}
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Artifact Registry Cron Replicator: job" \
      org.opencontainers.image.description="Copies, plans, mirrors and verifies Artifact Registry repositories." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${REVISION}"
# Where Node is in the usual bases.
ENV NODE_ENV=production PATH=/nodejs/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY --from=build /out /app
# A number, so that it can be seen not to be root without a file of names.
USER 65532:65532
WORKDIR /app
STOPSIGNAL SIGTERM
EXPOSE 8080
ENTRYPOINT ["node", "/app/job.mjs"]
CMD ["--help"]
