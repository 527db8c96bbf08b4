import { CredentialsError } from '../aws/index.js';
import {
  globalRegionOf,
  isServiceInRegion,
  partition,
  partitions,
  regionNamed,
  serviceNamed,
} from '../catalog/index.js';
import type { Atlas } from '../sync/index.js';

export const atlas: Atlas = {
  regionsOf: (id) => partitionNamed(id).regions.map(({ name }) => name),
  organizationsRegionOf: (id) => partitionNamed(id).organizationsRegion,
  iamRegionOf: (id) => partitionNamed(id).iamRegion,
  globalRegionOf: (serviceId, id) => {
    const service = serviceNamed(serviceId);
    return service ? globalRegionOf(service, partitionNamed(id).id) : null;
  },
  isAlwaysOn: (region) => regionNamed(region)?.kind === 'default',
  isServiceIn: (serviceId, region) => {
    const service = serviceNamed(serviceId);
    return service ? isServiceInRegion(service, region) : null;
  },
};

function partitionNamed(id: string): ReturnType<typeof partition> {
  const known = partitions.find((each) => each.id === id);
  if (!known) {
    throw new CredentialsError(
      `sts:GetCallerIdentity answered with partition '${id}', which this version does not know (it knows ${partitions.map((each) => each.id).join(', ')}). Update aws-delegation, or check custom_endpoint_url.`,
    );
  }
  return known;
}
