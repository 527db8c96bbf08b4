-- Small helpers with text: patterns as AWS writes them, and the words in which a reason names things.

create or replace function delegation.like_literal(value text) returns text
language sql immutable parallel safe
as $$ select replace(replace(replace(value, '\', '\\'), '%', '\%'), '_', '\_') $$;
comment on function delegation.like_literal(text) is 'A LIKE pattern that matches this text and nothing else.';

create or replace function delegation.like_pattern(pattern text) returns text
language sql immutable parallel safe
as $$ select replace(replace(delegation.like_literal(pattern), '*', '%'), '?', '_') $$;
comment on function delegation.like_pattern(text) is 'A pattern of a policy (* and ?) as a LIKE pattern.';

create or replace function delegation.account_label(account_id text, account_name text, ou_path text) returns text
language sql immutable parallel safe
as $$
    select case
        when account_id = '*' then 'everyone (*)'
        when account_name is null and ou_path is null then account_id
        else account_id || ' (' || concat_ws(', ', account_name, case when ou_path = '/' then 'directly at the root' else ou_path end) || ')'
    end
$$;
comment on function delegation.account_label(text, text, text) is 'An account as a reason names it: id (name, OU path).';

create or replace function delegation.with_remark(label text, remark text) returns text
language sql immutable parallel safe
as $$
    select case
        when coalesce(remark, '') = '' then label
        when label like '%)' then left(label, -1) || ', ' || remark || ')'
        else label || ' (' || remark || ')'
    end
$$;
comment on function delegation.with_remark(text, text) is 'The label of an account with a remark in its brackets: id (name, OU path, remark).';

create or replace function delegation.is_below(ou text, ou_path text, id_path text) returns boolean
language sql immutable parallel safe
as $$
    select case
        when ou ~ '^(ou|r)-' then '/' || id_path || '/' like '%/' || delegation.like_literal(ou) || '/%'
        else rtrim(ou_path, '/') || '/' like delegation.like_literal(rtrim(ou, '/')) || '/%'
    end
$$;
comment on function delegation.is_below(text, text, text) is 'Whether an account with these paths is in an OU (by path or ID) or below it; null where its place is not known.';

create or replace function delegation.read_problem(outcome text, table_name text, operation text, region text, scope text, error_code text, error_message text) returns text
language sql immutable parallel safe
as $$
    select concat(
        coalesce(nullif(operation, ''), table_name),
        case when scope <> '' then format(' for %s', scope) end,
        case when region <> '' then format(' in %s', region) end,
        case outcome
            when 'denied' then ' was denied'
            when 'skipped' then ' was left out'
            else ' failed'
        end,
        case when error_code is not null or error_message is not null then format(' (%s)', concat_ws(': ', error_code, error_message)) end,
        case
            -- A code of the sync: whatever IAM allows, a member is not told.
            when outcome = 'denied' and error_code = 'NotManagementAccount' then '; sync with credentials of the management account'
            when outcome = 'denied' and (operation = 'sts:AssumeRole' or error_message like '%sts:AssumeRole%') then '; make that role, let its trust policy name who syncs, and sync again'
            when outcome = 'denied' then format('; grant %s to the role that syncs and sync again', coalesce(nullif(operation, ''), 'the read'))
            -- Another one: the way into another account, whatever was to be read there.
            when error_code = 'NoDelegateAccess' then '; add `delegated_admin_role_name: OrgAudit` to the spec, with the name of your role in that account, and sync again'
            when outcome = 'skipped' then format('; let the spec read %s, then sync again', table_name)
            when error_code = 'no_statements' then '; look at it with `aws organizations describe-resource-policy`, mend it, and sync again'
            when error_code = 'views_stale' then '; install the views again (`aws-delegation check`, or install.sql)'
            else '; sync again'
        end
    )
$$;
comment on function delegation.read_problem(text, text, text, text, text, text, text) is 'What is wrong with a read that is neither ok nor absent, and what to do.';
