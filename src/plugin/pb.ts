import * as pb from '@cloudquery/plugin-pb-javascript';

// The package keeps the messages three namespaces deep; these are the two that a plugin speaks.
export import plugin = pb.pluginV3.cloudquery.plugin.v3;
export import discovery = pb.discovery1.cloudquery.discovery.v1;
