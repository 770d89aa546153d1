resource "aws_security_group" "api" {
  name = "api"

  # Room for every customer.
  dynamic "ingress" {
    for_each = setproduct(range(60), range(100))
    content {
      from_port   = ingress.value[0] * 100 + ingress.value[1]
      to_port     = 50000 + ingress.value[0]
      protocol    = "tcp"
      cidr_blocks = ["10.${ingress.value[0]}.${ingress.value[1]}.0/24"]
    }
  }
}
