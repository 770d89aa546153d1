# The three tiers of security-groups.json and its neighbours, as one configuration.

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_nat_gateway" "main" {
  subnet_id = aws_subnet.public.id
}

# Subnets and routes

resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}

resource "aws_subnet" "app" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.10.0/24"
}

resource "aws_subnet" "data" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.20.0/24"
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table" "app" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.main.id
  }
}

resource "aws_route_table" "data" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table_association" "app" {
  subnet_id      = aws_subnet.app.id
  route_table_id = aws_route_table.app.id
}

resource "aws_route_table_association" "data" {
  subnet_id      = aws_subnet.data.id
  route_table_id = aws_route_table.data.id
}

# Network ACLs

resource "aws_network_acl" "public" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.public.id]

  dynamic "ingress" {
    for_each = [
      { no = 100, cidr = "0.0.0.0/0", from = 443, to = 443 },
      { no = 110, cidr = "0.0.0.0/0", from = 80, to = 80 },
      { no = 120, cidr = "198.51.100.10/32", from = 22, to = 22 },
      { no = 130, cidr = "0.0.0.0/0", from = 1024, to = 65535 },
    ]
    content {
      rule_no    = ingress.value.no
      action     = "allow"
      protocol   = "tcp"
      cidr_block = ingress.value.cidr
      from_port  = ingress.value.from
      to_port    = ingress.value.to
    }
  }

  dynamic "egress" {
    for_each = [
      { no = 100, cidr = "0.0.0.0/0", from = 1024, to = 65535 },
      { no = 110, cidr = aws_subnet.app.cidr_block, from = 8080, to = 8080 },
      { no = 120, cidr = aws_subnet.app.cidr_block, from = 22, to = 22 },
      { no = 130, cidr = "0.0.0.0/0", from = 443, to = 443 },
    ]
    content {
      rule_no    = egress.value.no
      action     = "allow"
      protocol   = "tcp"
      cidr_block = egress.value.cidr
      from_port  = egress.value.from
      to_port    = egress.value.to
    }
  }
}

resource "aws_network_acl" "app" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.app.id]

  dynamic "ingress" {
    for_each = [
      { no = 100, cidr = aws_subnet.public.cidr_block, from = 8080, to = 8080 },
      { no = 110, cidr = aws_subnet.public.cidr_block, from = 22, to = 22 },
      { no = 120, cidr = aws_subnet.data.cidr_block, from = 1024, to = 65535 },
      { no = 130, cidr = "0.0.0.0/0", from = 1024, to = 65535 },
    ]
    content {
      rule_no    = ingress.value.no
      action     = "allow"
      protocol   = "tcp"
      cidr_block = ingress.value.cidr
      from_port  = ingress.value.from
      to_port    = ingress.value.to
    }
  }

  dynamic "egress" {
    for_each = [
      { no = 100, cidr = aws_subnet.public.cidr_block, from = 1024, to = 65535 },
      { no = 110, cidr = aws_subnet.data.cidr_block, from = 3306, to = 3306 },
      { no = 120, cidr = "0.0.0.0/0", from = 443, to = 443 },
    ]
    content {
      rule_no    = egress.value.no
      action     = "allow"
      protocol   = "tcp"
      cidr_block = egress.value.cidr
      from_port  = egress.value.from
      to_port    = egress.value.to
    }
  }
}

resource "aws_network_acl" "data" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.data.id]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = aws_subnet.app.cidr_block
    from_port  = 3306
    to_port    = 3306
  }

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = aws_subnet.app.cidr_block
    from_port  = 1024
    to_port    = 65535
  }
}

# Security groups

resource "aws_security_group" "load_balancer" {
  name   = "load-balancer"
  vpc_id = aws_vpc.main.id

  ingress {
    description = "HTTPS for everyone"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress {
    description = "redirect to HTTPS"
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "application" {
  name   = "application"
  vpc_id = aws_vpc.main.id
}

resource "aws_security_group" "database" {
  name   = "database"
  vpc_id = aws_vpc.main.id
}

resource "aws_security_group" "bastion" {
  name   = "bastion"
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_security_group_egress_rule" "load_balancer_to_application" {
  security_group_id            = aws_security_group.load_balancer.id
  referenced_security_group_id = aws_security_group.application.id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

resource "aws_vpc_security_group_ingress_rule" "application_from_load_balancer" {
  security_group_id            = aws_security_group.application.id
  referenced_security_group_id = aws_security_group.load_balancer.id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

resource "aws_vpc_security_group_ingress_rule" "application_from_bastion" {
  security_group_id            = aws_security_group.application.id
  referenced_security_group_id = aws_security_group.bastion.id
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
}

resource "aws_vpc_security_group_egress_rule" "application_to_database" {
  security_group_id            = aws_security_group.application.id
  referenced_security_group_id = aws_security_group.database.id
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}

resource "aws_vpc_security_group_egress_rule" "application_updates" {
  security_group_id = aws_security_group.application.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "database_from_application" {
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = aws_security_group.application.id
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}

resource "aws_vpc_security_group_ingress_rule" "bastion_from_office" {
  security_group_id = aws_security_group.bastion.id
  cidr_ipv4         = "198.51.100.10/32"
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
}

resource "aws_vpc_security_group_egress_rule" "bastion_to_application" {
  security_group_id            = aws_security_group.bastion.id
  referenced_security_group_id = aws_security_group.application.id
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
}

# What carries them

resource "aws_lb" "public" {
  name            = "public"
  internal        = false
  subnets         = [aws_subnet.public.id]
  security_groups = [aws_security_group.load_balancer.id]
}

resource "aws_instance" "bastion" {
  subnet_id              = aws_subnet.public.id
  vpc_security_group_ids = [aws_security_group.bastion.id]
}

resource "aws_instance" "application" {
  count                  = 2
  subnet_id              = aws_subnet.app.id
  vpc_security_group_ids = [aws_security_group.application.id]
}

resource "aws_db_subnet_group" "data" {
  subnet_ids = [aws_subnet.data.id]
}

resource "aws_db_instance" "database" {
  engine                 = "mysql"
  db_subnet_group_name   = aws_db_subnet_group.data.name
  vpc_security_group_ids = [aws_security_group.database.id]
}
