// The Node packages declare `os` and `cpu` as strings; pnpm keeps the filter in the lockfile only for lists.
export const hooks = {
  readPackage(manifest) {
    if (/^node-(bin-)?(linux|darwin|win)-/.test(manifest.name ?? '')) {
      manifest.os = [].concat(manifest.os);
      manifest.cpu = [].concat(manifest.cpu);
    }
    return manifest;
  },
};
