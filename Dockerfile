# syntax=docker/dockerfile:1
FROM node:24-bookworm-slim AS manifests
WORKDIR /app
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml .pnpmfile.mjs ./
COPY packages/core/package.json packages/core/
COPY packages/db/package.json packages/db/
COPY apps/server/package.json apps/server/
COPY apps/admin/package.json apps/admin/
RUN npm install --global pnpm@12.21.0

FROM manifests AS build
RUN pnpm install --frozen-lockfile --trust-lockfile --filter "@orderloom/server..." --filter "@orderloom/admin..."
COPY tsconfig.base.json ./
COPY packages packages
COPY apps apps
RUN cd apps/admin && node_modules/.bin/vite build
RUN cd apps/server && node_modules/.bin/rolldown -c rolldown.config.ts

# The bundle finds what it imports in one flat folder. Optional packages are the database and tools of a workshop.
FROM manifests AS packages
RUN pnpm install --frozen-lockfile --trust-lockfile --prod --no-optional \
    --config.node-linker=hoisted --filter "@orderloom/server..."

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/apps/server/dist apps/server/dist
COPY --from=build /app/apps/admin/dist apps/admin/dist
USER node
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["node", "-e", \
  "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "--enable-source-maps", "apps/server/dist/main.js"]
