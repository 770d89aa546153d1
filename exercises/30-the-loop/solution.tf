resource "aws_security_group" "api" {
  name = "api"

  ingress {
    description = "customers"
    from_port   = 8443
    to_port     = 8443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/10"]
  }
}
