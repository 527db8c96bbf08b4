create or replace view delegation.organizational_units as
with recursive placed as (
    select unit._cq_source_name as source_name, unit.id as organizational_unit_id, unit.parent_id || '/' || unit.id as id_path, 1 as depth
    from delegation.current_aws_organizations_organizational_units as unit
    where unit.parent_id like 'r-%'
    union all
    select unit._cq_source_name, unit.id, placed.id_path || '/' || unit.id, placed.depth + 1
    from placed
    join delegation.current_aws_organizations_organizational_units as unit
        on unit._cq_source_name = placed.source_name
        and unit.parent_id = placed.organizational_unit_id
    -- AWS allows 5; a circle in broken data must end.
    where placed.depth < 10
)
select
    placed.source_name,
    placed.organizational_unit_id,
    unit.name,
    unit.ou_path,
    placed.id_path,
    unit.parent_id
from placed
join delegation.current_aws_organizations_organizational_units as unit
    on unit._cq_source_name = placed.source_name
    and unit.id = placed.organizational_unit_id;
comment on view delegation.organizational_units is 'The organizational units, with their place in the tree.';
comment on column delegation.organizational_units.source_name is 'Name of the source in its spec.';
comment on column delegation.organizational_units.organizational_unit_id is 'ID of the organizational unit (ou-...).';
comment on column delegation.organizational_units.name is 'Name of the organizational unit.';
comment on column delegation.organizational_units.ou_path is 'Path by names: /Infrastructure/Network.';
comment on column delegation.organizational_units.id_path is 'Path by IDs from the root: r-a1b2/ou-a1b2-11111111.';
comment on column delegation.organizational_units.parent_id is 'ID of the root or organizational unit above.';

create or replace view delegation.accounts as
select
    account._cq_source_name as source_name,
    organization.id as organization_id,
    account.id as account_id,
    account.name as account_name,
    account.email,
    account.arn,
    -- AWS replaces Status by State and still sends both.
    coalesce(account.state, account.status) as account_state,
    account.id = organization.master_account_id as is_management_account,
    account.ou_path,
    coalesce(
        -- One path is the place. None (older servers) or several (not documented) leave it to the parents.
        case
            when jsonb_typeof(account.paths) = 'array' and jsonb_array_length(account.paths) = 1 and account.paths ->> 0 ~ '^o-[^/]+/r-.*/[0-9]{12}/?$'
                -- Without the organization and the account; a group in the pattern would say the same and take four times as long.
                then left(substr(account.paths ->> 0, strpos(account.paths ->> 0, '/') + 1), case when account.paths ->> 0 like '%/' then -14 else -13 end)
        end,
        case when account.parent_id like 'r-%' then account.parent_id else parent.id_path end
    ) as id_path,
    account.parent_id,
    account.joined_method,
    account.joined_timestamp,
    account.tags
from delegation.current_aws_organizations_accounts as account
left join delegation.current_aws_organizations as organization on organization._cq_source_name = account._cq_source_name
left join delegation.organizational_units as parent
    on parent.source_name = account._cq_source_name
    and parent.organizational_unit_id = account.parent_id;
comment on view delegation.accounts is 'All accounts of the organization, with state and place.';
comment on column delegation.accounts.source_name is 'Name of the source in its spec.';
comment on column delegation.accounts.organization_id is 'ID of the organization.';
comment on column delegation.accounts.account_id is 'Account ID.';
comment on column delegation.accounts.account_name is 'Name of the account.';
comment on column delegation.accounts.email is 'E-mail address of the account.';
comment on column delegation.accounts.arn is 'ARN of the account.';
comment on column delegation.accounts.account_state is 'PENDING_ACTIVATION, ACTIVE, SUSPENDED, PENDING_CLOSURE or CLOSED: State, or Status where AWS sent no State.';
comment on column delegation.accounts.is_management_account is 'Null where the organization was not read.';
comment on column delegation.accounts.ou_path is 'Path by names, / directly at the root; null where it is not known.';
comment on column delegation.accounts.id_path is 'Path by IDs from the root, without the account; null where it is not known.';
comment on column delegation.accounts.parent_id is 'ID of the root or organizational unit that the account is in.';
comment on column delegation.accounts.joined_method is 'INVITED or CREATED.';
comment on column delegation.accounts.joined_timestamp is 'When the account joined, in UTC.';
comment on column delegation.accounts.tags is 'Tags by key; null where they were not read.';

create or replace view delegation.unjudged_members as
select
    accounts.source_name,
    accounts.account_id,
    case when accounts.account_state in ('PENDING_CLOSURE', 'PENDING_ACTIVATION') then 'not_applicable' else 'unknown' end as status,
    case
        when accounts.account_state in ('PENDING_CLOSURE', 'PENDING_ACTIVATION')
            then format('%s is %s; only ACTIVE members are judged', delegation.account_label(accounts.account_id, accounts.account_name, accounts.ou_path), accounts.account_state)
        else format('%s has a state that is not known: %s; sync again', delegation.account_label(accounts.account_id, accounts.account_name, accounts.ou_path), coalesce(accounts.account_state, 'none was given'))
    end as reason,
    case when accounts.account_state in ('PENDING_CLOSURE', 'PENDING_ACTIVATION') then null else 'unread' end as unknown_cause
from delegation.accounts
-- A state that AWS adds one day must not hide an account.
where coalesce(accounts.account_state, '') not in ('ACTIVE', 'SUSPENDED', 'CLOSED');
comment on view delegation.unjudged_members is 'What a rule about members says of accounts that are neither ACTIVE nor SUSPENDED or CLOSED, of which it says nothing.';
comment on column delegation.unjudged_members.source_name is 'Name of the source in its spec.';
comment on column delegation.unjudged_members.account_id is 'Account ID.';
comment on column delegation.unjudged_members.status is 'not_applicable while it is being opened or closed, unknown for a state that this version does not know.';
comment on column delegation.unjudged_members.reason is 'Why.';
comment on column delegation.unjudged_members.unknown_cause is 'unread where the status is unknown.';
