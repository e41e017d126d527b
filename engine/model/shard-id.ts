/** What the ids of organizations' shards begin with; the name follows. */
export const ORGANIZATION_SHARD = "organization/";
