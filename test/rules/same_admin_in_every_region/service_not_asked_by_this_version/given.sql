select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Macie of this catalogue has no table: with trusted access somebody may administer it.
select fixture.trusted('macie.amazonaws.com');
